def measures(): return ""
def outputs(): return ""
