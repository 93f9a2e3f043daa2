using QRCoder;

namespace Cdr.Rights.Statements;

/// <summary>The address that verifies a statement, for a telephone.</summary>
internal static class StatementQr
{
    /// <summary>Rows of dark squares; the quiet zone is included.</summary>
    public static IReadOnlyList<System.Collections.BitArray> Of(Uri address)
    {
        using var generator = new QRCodeGenerator();
        using var data = generator.CreateQrCode(address.AbsoluteUri, QRCodeGenerator.ECCLevel.M);
        return [.. data.ModuleMatrix];
    }
}
