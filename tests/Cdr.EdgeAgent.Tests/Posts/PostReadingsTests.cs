using Cdr.EdgeAgent.Posts;

namespace Cdr.EdgeAgent.Tests.Posts;

/// <summary>What systems that are not here say of themselves, from files in their programs' own forms.</summary>
public sealed class PostReadingsTests
{
    [Fact]
    public void Windows_says_its_cryptolib_in_the_editors_key() =>
        Assert.Equal("5.0.42", PostReadings.WindowsCryptolib(Recorded("reg-asip.txt"), Recorded("reg-uninstall.txt")));

    /// <summary>The editor's key had two names, and a 32-bit installer writes under another root; the other keys are not there.</summary>
    [Theory]
    [InlineData(@"SOFTWARE\ASIP\Cryptolib CPS")]
    [InlineData(@"SOFTWARE\ASIP Sante\Cryptolib CPS")]
    [InlineData(@"SOFTWARE\WOW6432Node\ASIP\Cryptolib CPS")]
    [InlineData(@"SOFTWARE\WOW6432Node\ASIP Sante\Cryptolib CPS")]
    public void Under_each_of_the_keys_names(string key) =>
        Assert.Equal("5.0.42", PostReadings.WindowsCryptolib("\n\n" + Recorded("reg-asip.txt").Replace(@"SOFTWARE\ASIP\Cryptolib CPS", key, StringComparison.Ordinal) + "\n", null));

    [Fact]
    public void Or_among_the_installed_programs() => Assert.Equal("5.2.3", PostReadings.WindowsCryptolib("", Recorded("reg-uninstall.txt")));

    [Fact]
    public void Windows_says_its_vitale_api() => Assert.Equal("6.10.2", PostReadings.WindowsVitaleApi(Recorded("reg-uninstall.txt")));

    [Fact]
    public void A_machine_has_an_id_that_is_not_its_name()
    {
        Assert.Equal("3f0a5b8e-0c64-4a5c-9d0e-1b2f6a7c8d9e", PostReadings.WindowsMachine("\nHKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Cryptography\r\n    MachineGuid    REG_SZ    3f0a5b8e-0c64-4a5c-9d0e-1b2f6a7c8d9e\r\n\r\n"));
        Assert.Equal("8C4B2E10-7F3D-5A61-9E02-4D5C6B7A8F90", PostReadings.MacMachine("+-o J314sAP  <class IOPlatformExpertDevice>\n    {\n      \"IOPlatformSerialNumber\" = \"C02\"\n      \"IOPlatformUUID\" = \"8C4B2E10-7F3D-5A61-9E02-4D5C6B7A8F90\"\n    }\n"));
        Assert.Null(PostReadings.WindowsMachine(null));
        Assert.Null(PostReadings.MacMachine(null));
    }

    [Fact]
    public void A_registry_without_them_says_nothing()
    {
        Assert.Null(PostReadings.WindowsCryptolib(null, null));
        Assert.Null(PostReadings.WindowsVitaleApi(Recorded("reg-asip.txt")));
        Assert.Null(PostReadings.WindowsCryptolib("ERROR: The system was unable to find the specified registry key or value.", "    Version    REG_SZ    9.9"));
    }

    [Fact]
    public void Macos_says_its_cryptolib_in_the_installers_receipt() => Assert.Equal("5.0.38", PostReadings.MacCryptolib(Recorded("receipt.plist"), Recorded("keychain.txt")));

    [Fact]
    public void Or_its_generation_alone_by_the_three_roots()
    {
        Assert.Equal("5", PostReadings.MacCryptolib(null, Recorded("keychain.txt")));
        Assert.Null(PostReadings.MacCryptolib("<plist", Recorded("keychain.txt").Replace("FORT", "", StringComparison.Ordinal).Split("keychain:")[1]));
    }

    /// <summary>A keychain shows a certificate by its common name, which has a hyphen in the roots that are published.</summary>
    [Fact]
    public void The_roots_are_known_by_their_published_name_too() =>
        Assert.Equal("5", PostReadings.MacCryptolib(null, Recorded("keychain.txt").Replace("IGC SANTE", "IGC-SANTE", StringComparison.Ordinal)));

    [Fact]
    public void Linux_says_its_package()
    {
        Assert.Equal("5.0.45", PostReadings.LinuxCryptolib(Recorded("dpkg.txt")));
        Assert.Null(PostReadings.LinuxCryptolib("pcscd\t1.9.9-2\n"));
    }

    [Theory]
    [InlineData("Mozilla Firefox 128.5.0esr", "128.5.0")]
    [InlineData("Chromium 131.0.6778.85 built on Debian", "131.0.6778.85")]
    [InlineData("nothing", null)]
    [InlineData(null, null)]
    public void A_browser_says_its_version(string? told, string? version) => Assert.Equal(version, PostReadings.BrowserVersion(told));

    [Theory]
    [InlineData("Gemalto PC Twin Reader (8B2F3A10) 00 00", "Gemalto PC Twin Reader")]
    [InlineData("XIRING Leo v2 [Lecteur] (AA00B1-0004) 01 00", "XIRING Leo v2 [Lecteur]")]
    // pcsc-lite takes whatever the device says, and numbers its place in hexadecimal.
    [InlineData("HID Global OMNIKEY 3x21 Smart Card Reader [OMNIKEY 3x21] (KJ0AQMG07M) 0A 00", "HID Global OMNIKEY 3x21 Smart Card Reader [OMNIKEY 3x21]")]
    [InlineData("Broadcom Corp (Contacted SmartCard) 0", "Broadcom Corp (Contacted SmartCard) 0")]
    [InlineData("Virtual PCD 00 01", "Virtual PCD")]
    [InlineData("SCM 0123456789", "SCM")]
    [InlineData("OMNIKEY CardMan 3x21 0", "OMNIKEY CardMan 3x21 0")]
    public void A_readers_serial_number_is_left_out(string reader, string name) => Assert.Equal(name, PostReadings.ReaderName(reader));

    [Theory]
    [InlineData("Gemalto PC Twin Reader (KJ0AQMG07M) 00 00", "Gemalto PC Twin Reader 00 00")]
    [InlineData("Gemalto PC Twin Reader (KJ0AQMG07M) 00 01 [3]", "Gemalto PC Twin Reader 00 01 [3]")]
    public void Where_readers_of_a_kind_are_told_apart_their_places_are_left(string reader, string name) => Assert.Equal(name, PostReadings.WithoutSerial(reader));

    [Fact]
    public void The_distribution_says_its_name() => Assert.Equal("Debian GNU/Linux 12 (bookworm)", PostReadings.LinuxName("NAME=\"Debian\"\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n"));

    private static string Recorded(string file) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Recorded", file));
}
