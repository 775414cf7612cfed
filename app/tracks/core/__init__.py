"""What every case has: the case itself, identification, consent."""
