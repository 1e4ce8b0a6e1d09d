"""What is handed out? The report as HTML, PDF, .docx and .xlsx, its letters and its invitation."""
