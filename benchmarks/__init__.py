"""The scheduler and its peers, measured side by side; see RESULTS.md."""
