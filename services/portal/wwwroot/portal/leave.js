// Whoever signed out leaves their identity provider too, without another click.
document.getElementById('leave')?.submit();
