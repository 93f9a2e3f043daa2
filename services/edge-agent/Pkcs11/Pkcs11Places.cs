using System.Reflection;
using System.Runtime.InteropServices;
using Net.Pkcs11Interop.HighLevelAPI;

namespace Cdr.EdgeAgent.Pkcs11;

/// <summary>Where Cryptolib puts its PKCS#11 library, and how ours finds the system's loader.</summary>
internal static class Pkcs11Places
{
    public const string Auto = "auto";
    private static int prepared;

    /// <summary>Cryptolib's, the newest first.</summary>
    public static IReadOnlyList<string> Usual { get; } = OperatingSystem.IsWindows()
        ? [Windows(Environment.SpecialFolder.System, "cps3_pkcs11_w64.dll"), Windows(Environment.SpecialFolder.SystemX86, "cps3_pkcs11_w32.dll"), Windows(Environment.SpecialFolder.System, "cps_pkcs11_w64.dll"), Windows(Environment.SpecialFolder.SystemX86, "cps_pkcs11_w32.dll")]
        : OperatingSystem.IsMacOS()
            ? ["/Library/Frameworks/libcps3_pkcs11_osx.dylib", "/usr/local/lib/libcps3_pkcs11_osx.dylib", "/usr/local/galss/libcps_pkcs11_osx.dylib"]
            : ["/usr/lib/libcps3_pkcs11_lux.so", "/usr/local/lib/libcps3_pkcs11_lux.so", "/usr/lib/x86_64-linux-gnu/libcps3_pkcs11_lux.so"];

    /// <summary>The file; null where there is none.</summary>
    public static string? Find(string? setting) => setting switch
    {
        null => null,
        Auto => Usual.FirstOrDefault(File.Exists),
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

    private static string Windows(Environment.SpecialFolder folder, string file) => Path.Combine(Environment.GetFolderPath(folder), file);
}
