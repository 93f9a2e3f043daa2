using System.Runtime.InteropServices;
using Cdr.EdgeAgent.Pins;

namespace Cdr.EdgeAgent.Tests.Pins;

/// <summary>What of CredUI can be seen without a Windows.</summary>
public sealed class WindowPinTests
{
    /// <summary>wincred.h, CREDUI_INFOW of a 64-bit Windows: a DWORD, then four pointers.</summary>
    [Fact]
    public unsafe void Creduis_structure_is_laid_out_as_its_header_says()
    {
        Assert.Equal(40, sizeof(CredentialWindowPin.Information));
        Assert.Equal(
            [0, 8, 16, 24, 32],
            new[] { "Size", "Parent", "Message", "Caption", "Banner" }.Select(field => (int)Marshal.OffsetOf<CredentialWindowPin.Information>(field)));
    }
}
