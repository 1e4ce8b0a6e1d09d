"""Who must know, and how? The month's view model and one thin renderer a format."""
