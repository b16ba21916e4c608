"""What feeder says to readers, in their language: one file of strings a language."""

from feeder.language.words import ENGLISH, Fact, Message, Words, languages, words

__all__ = ["ENGLISH", "Fact", "Message", "Words", "languages", "words"]
