from django import forms


class ChatForm(forms.Form):
    """Where to tell by chat; what is kept is never shown again."""

    url = forms.CharField(
        label="Address of the incoming webhook",
        max_length=500,
        help_text="Your chat makes it for a channel. It is a secret: it is not shown here again.",
        widget=forms.URLInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
