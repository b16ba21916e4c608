"""The public names of feeder, by what they are."""
def api():
    return ""
