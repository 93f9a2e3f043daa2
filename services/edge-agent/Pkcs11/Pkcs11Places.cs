using System.Reflection;
using System.Runtime.InteropServices;
using Cdr.EdgeAgent.Posts;
using Net.Pkcs11Interop.HighLevelAPI;

namespace Cdr.EdgeAgent.Pkcs11;

/// <summary>Where Cryptolib puts its PKCS#11 library, and how ours finds the system's loader.</summary>
internal static class Pkcs11Places
{
    public const string Auto = "auto";
    private static int prepared;

    /// <summary>Cryptolib's on this system, the newest first.</summary>
    public static IReadOnlyList<string> Usual { get; } = Of(PostProbes.System, Environment.GetFolderPath(Environment.SpecialFolder.System), Environment.GetFolderPath(Environment.SpecialFolder.SystemX86));

    /// <param name="system"><c>windows</c>, <c>macos</c>, <c>linux</c>.</param>
    /// <param name="wide">On Windows: the folder of its own libraries.</param>
    /// <param name="narrow">On Windows: the folder of those of 32 bits.</param>
    internal static IReadOnlyList<string> Of(string system, string wide, string narrow) => system switch
    {
        "windows" => [$@"{wide}\cps3_pkcs11_w64.dll", $@"{narrow}\cps3_pkcs11_w32.dll", $@"{wide}\cps_pkcs11_w64.dll", $@"{narrow}\cps_pkcs11_w32.dll"],
        "macos" => ["/Library/Frameworks/libcps3_pkcs11_osx.dylib", "/usr/local/lib/libcps3_pkcs11_osx.dylib", "/usr/local/galss/libcps_pkcs11_osx.dylib"],
        _ => ["/usr/lib/libcps3_pkcs11_lux.so", "/usr/local/lib/libcps3_pkcs11_lux.so", "/usr/lib/x86_64-linux-gnu/libcps3_pkcs11_lux.so"],
    };

    /// <summary>The file; null where there is none.</summary>
    public static string? Find(string? setting, IReadOnlyList<string>? usual = null) => setting switch
    {
        null => null,
        Auto => (usual ?? Usual).FirstOrDefault(File.Exists),
        _ => File.Exists(setting) ? setting : null,
    };

    /// <summary>Pkcs11Interop asks for « libdl », a name that only a development package of Debian 12 brings.</summary>
    public static void Prepare()
    {
        if (Interlocked.Exchange(ref prepared, 1) != 0 || !OperatingSystem.IsLinux())
            return;
        foreach (var assembly in new[] { typeof(IPkcs11Library).Assembly, typeof(Net.Pkcs11Interop.Common.CKR).Assembly }.Distinct())
            NativeLibrary.SetDllImportResolver(assembly, Resolve);
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? search) =>
        name == "libdl" && NativeLibrary.TryLoad("libdl.so.2", out var handle) ? handle : 0;
}
