namespace Cdr.Domain.Tests;

/// <summary>Two days in order, possibly the same.</summary>
public sealed record Days(DateOnly First, DateOnly Last);
