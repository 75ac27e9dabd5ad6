"""Who is connected with whom, as a picture."""
