"""Write the page of broken inputs anew."""

from broken.book import PAGE, page

PAGE.write_text(page(), encoding="utf-8")
