using System.Diagnostics.CodeAnalysis;

namespace Cdr.Domain;

/// <summary>A value read from text, or the reason why it could not be.</summary>
/// <remarks>Its <c>default</c> is invalid, with the code <c>not-parsed</c>.</remarks>
public readonly struct Parsed<T>
    where T : notnull
{
    private static readonly ParseError NotParsed = new("not-parsed", null, "Aucune valeur n'a été lue.");

    private readonly T? value;
    private readonly ParseError? error;

    internal Parsed(T value)
    {
        this.value = value;
        IsValid = true;
    }

    internal Parsed(ParseError error) => this.error = error;

    [MemberNotNullWhen(false, nameof(Error))]
    public bool IsValid { get; }

    /// <exception cref="InvalidOperationException">The text was not valid; the message is the error's code.</exception>
    public T Value => IsValid ? value! : throw new InvalidOperationException($"No value: {Error.Code}.");

    /// <value>Null when valid.</value>
    public ParseError? Error => IsValid ? null : error ?? NotParsed;

    public bool TryGet([MaybeNullWhen(false)] out T value, [NotNullWhen(false)] out ParseError? error)
    {
        value = this.value;
        error = Error;
        return IsValid;
    }
}
