"""The board packet: a plan on paper, vector throughout, made of a published plan."""

from feeder.render.packet.book import render_packet as render_packet
