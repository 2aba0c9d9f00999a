"""What a link from the helpdesk says: which source, and what that calls the ticket."""

from __future__ import annotations

from django import forms

SOURCE_MISSING = "Add source=… to the link: the key of the helpdesk, for example source=servicenow."
ID_MISSING = "Add id=… to the link: what the helpdesk calls the ticket, for example id=INC0010023."


class LinkForm(forms.Form):
    """Both parameters of the link to a ticket's label panel."""

    source = forms.CharField(
        max_length=40,
        error_messages={
            "required": SOURCE_MISSING,
            "max_length": "The source in the link is longer than any key. Check the link.",
        },
    )
    id = forms.CharField(
        max_length=200,
        error_messages={
            "required": ID_MISSING,
            "max_length": "The id in the link is longer than any. Check the link.",
        },
    )
