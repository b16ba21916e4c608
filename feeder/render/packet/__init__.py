"""The board packet: a plan on paper, vector throughout, redacted first and then computed."""

from feeder.render.packet.book import render_packet as render_packet
