from bot.domain.maintenances import MaintenanceStatus


def test_a_status_reads_in_the_fields_own_words() -> None:
    labels = [status.label for status in MaintenanceStatus]
    assert labels == ["Scheduled", "In progress", "Completed", "Cancelled", "Unknown"]
