using Cdr.EdgeAgent.Pkcs11;

namespace Cdr.EdgeAgent.Tests.Pkcs11;

public sealed class Pkcs11PlacesTests
{
    [Theory]
    [InlineData("windows", @"C:\Windows\system32\cps3_pkcs11_w64.dll", @"C:\Windows\SysWOW64\cps3_pkcs11_w32.dll", @"C:\Windows\system32\cps_pkcs11_w64.dll", @"C:\Windows\SysWOW64\cps_pkcs11_w32.dll")]
    [InlineData("macos", "/Library/Frameworks/libcps3_pkcs11_osx.dylib", "/usr/local/lib/libcps3_pkcs11_osx.dylib", "/usr/local/galss/libcps_pkcs11_osx.dylib")]
    [InlineData("linux", "/usr/lib/libcps3_pkcs11_lux.so", "/usr/local/lib/libcps3_pkcs11_lux.so", "/usr/lib/x86_64-linux-gnu/libcps3_pkcs11_lux.so")]
    public void Cryptolib_is_looked_for_where_each_system_has_it_the_newest_first(string system, params string[] places) =>
        Assert.Equal(places, Pkcs11Places.Of(system, @"C:\Windows\system32", @"C:\Windows\SysWOW64"));

    [Fact]
    public void A_library_is_the_first_of_its_usual_places_that_is_there_or_where_the_settings_say()
    {
        Assert.Equal(Pkcs11Places.Of("linux", "", ""), Pkcs11Places.Usual);
        Assert.Equal(SoftToken.Library, Pkcs11Places.Find(Pkcs11Places.Auto, ["/usr/lib/no-such-library.so", SoftToken.Library, "/bin/sh"]));
        Assert.Null(Pkcs11Places.Find(Pkcs11Places.Auto, ["/usr/lib/no-such-library.so"]));
        Assert.Equal(SoftToken.Library, Pkcs11Places.Find(SoftToken.Library));
        Assert.Null(Pkcs11Places.Find("/usr/lib/no-such-library.so"));
        Assert.Null(Pkcs11Places.Find(null));
    }
}
