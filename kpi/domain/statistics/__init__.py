"""Methods from publications, each as frames in and frames out; none knows an indicator."""
