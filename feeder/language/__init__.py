"""What feeder says to readers, in their language: one file of strings a language."""

from feeder.language.words import ENGLISH, Fact, Said, Words, languages, words

__all__ = ["ENGLISH", "Fact", "Said", "Words", "languages", "words"]
