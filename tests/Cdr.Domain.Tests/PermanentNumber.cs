namespace Cdr.Domain.Tests;

/// <param name="Thirteen">Without its key.</param>
public sealed record PermanentNumber(string Thirteen)
{
    public string Fifteen => Thirteen + Nir.ComputeKey(Thirteen);
}
