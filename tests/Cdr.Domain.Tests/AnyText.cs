namespace Cdr.Domain.Tests;

public sealed record AnyText(string Text);
