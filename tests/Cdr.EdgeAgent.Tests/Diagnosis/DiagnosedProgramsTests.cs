using System.Text.Json;
using Cdr.EdgeAgent.Diagnosis;
using Cdr.EdgeAgent.Tests.Pkcs11;
using Cdr.EdgeAgent.Tests.VirtualCards;
using Net.Pkcs11Interop.Common;

namespace Cdr.EdgeAgent.Tests.Diagnosis;

// A process begins a PKCS#11 library once.
[Collection(SoftToken.OneProcess)]
public sealed class DiagnosedProgramsTests
{
    [Fact]
    public void A_library_that_answers_by_an_error_is_told_with_its_code()
    {
        using var token = new SoftToken(TestCards.Authentication, TestCards.Signature);
        token.Here();
        var words = new WordedTokens { Trouble = CKR.CKR_GENERAL_ERROR };
        var told = JsonSerializer.SerializeToElement(DiagnosedPrograms.Pkcs11(new AgentSettings { Pkcs11 = SoftToken.Library }, _ => words.Load()));
        Assert.Equal((true, "CKR_GENERAL_ERROR", JsonValueKind.Null), (told.GetProperty("loads").GetBoolean(), told.GetProperty("error").GetString(), told.GetProperty("tokens").ValueKind));
        Assert.Contains("CKR_GENERAL_ERROR", told.GetProperty("words").GetString(), StringComparison.Ordinal);
        Assert.False(words.IsLoaded);
    }
}
