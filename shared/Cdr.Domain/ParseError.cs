namespace Cdr.Domain;

/// <summary>Why a text is not the value that was expected.</summary>
/// <param name="Code">Stable kebab-case id, e.g. <c>nir-key-wrong</c>; part of the contract.</param>
/// <param name="Position">Zero-based index in the text as it was given, spaces included; null when no single place is at fault.</param>
/// <param name="Message">A French sentence for the clerk. Never holds the value or a part of it: it may be logged.</param>
public sealed record ParseError(string Code, int? Position, string Message);
