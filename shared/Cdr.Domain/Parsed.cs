namespace Cdr.Domain;

/// <summary>Makes <see cref="Parsed{T}"/>, for the values of other projects too.</summary>
public static class Parsed
{
    public static Parsed<T> Valid<T>(T value)
        where T : notnull => new(value);

    public static Parsed<T> Invalid<T>(ParseError error)
        where T : notnull
    {
        ArgumentNullException.ThrowIfNull(error);
        return new(error);
    }

    internal static Parsed<T> Invalid<T>(string code, int? position, string message)
        where T : notnull => new(new ParseError(code, position, message));
}
