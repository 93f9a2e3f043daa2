using Cdr.EdgeAgent.Pkcs11;

namespace Cdr.EdgeAgent.Tests.Pkcs11;

public sealed class Pkcs11PlacesTests
{
    [Fact]
    public void A_library_is_looked_for_where_cryptolib_puts_it_or_where_the_settings_say()
    {
        Assert.All(Pkcs11Places.Usual, place => Assert.True(Path.IsPathFullyQualified(place) && Path.GetFileName(place).Contains("cps", StringComparison.Ordinal), place));
        Assert.Equal(Pkcs11Places.Usual.FirstOrDefault(File.Exists), Pkcs11Places.Find(Pkcs11Places.Auto));
        Assert.Equal(SoftToken.Library, Pkcs11Places.Find(SoftToken.Library));
        Assert.Null(Pkcs11Places.Find("/usr/lib/no-such-library.so"));
        Assert.Null(Pkcs11Places.Find(null));
    }
}
