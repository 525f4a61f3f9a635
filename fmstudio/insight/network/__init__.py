"""What a trained network is asked, with torch: reached by name, never imported by the window."""
