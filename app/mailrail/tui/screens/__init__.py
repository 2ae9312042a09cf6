"""The screens: the gallery, the lab, and the dialogs on top of them."""
