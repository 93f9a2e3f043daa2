namespace Cdr.Domain.Tests;

/// <param name="Digits">9 digits, Corsica as 2001 and 2002.</param>
public sealed record EstablishmentNumber(string Digits);
