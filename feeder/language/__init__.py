"""What feeder says to readers, in their language: one file of strings a language."""

from feeder.language.words import ENGLISH, Fact, Message, Words, languages, read_words, words

__all__ = ["ENGLISH", "Fact", "Message", "Words", "languages", "read_words", "words"]
