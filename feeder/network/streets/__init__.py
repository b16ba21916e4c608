"""Minutes by streets: a file of streets becomes arrays, places are set on it, ways are sought.

``reading`` knows files, ``download`` the way to get one, ``model`` and ``shortest`` see arrays
only, ``cache`` keeps what takes long, and ``matrix`` puts them together for a district.
"""
