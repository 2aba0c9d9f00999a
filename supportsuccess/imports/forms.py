from django import forms

from supportsuccess.imports.reading import ENCODINGS, MAX_FILE, MB


class UploadForm(forms.Form):
    """A file, and how its text is written where we guess wrong."""

    file = forms.FileField(
        label="File",
        help_text=f"CSV, packed with gzip or not, up to {MAX_FILE // MB} MB and 500,000 rows.",
        widget=forms.FileInput(attrs={"accept": ".csv,.gz,.txt,.tsv"}),
    )
    encoding = forms.ChoiceField(
        label="Encoding",
        required=False,
        choices=[("", "Found by itself"), *ENCODINGS.items()],
    )
