"""The pages of the reference that the code itself tells.

What a key or a column is called, which values it takes and what its unit is come from feeder; the
sentences that no code needs stand in ``keys.toml`` and ``columns.toml`` beside this file. A key
without a sentence, or a sentence without its key, stops the build.
"""
