from supportsuccess.imports.models import ImportBatch
from tests.factories.base import AuditedFactory


class BatchFactory(AuditedFactory):
    format = "test"
    file_name = "test.csv"
    sha256 = "0" * 64
    size = 1

    class Meta:
        model = ImportBatch
