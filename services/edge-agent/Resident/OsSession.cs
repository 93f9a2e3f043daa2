using System.Buffers.Text;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Cdr.Contracts.Sessions;
using Cdr.EdgeAgent.Posts;

namespace Cdr.EdgeAgent.Resident;

/// <summary>The operating system's session that this agent belongs to. One agent each: on a multi-user host (Citrix, TSE) there are many.</summary>
internal static class OsSession
{
    // Linux, where nobody named the session: the kernel counts what its services begin too, so that a unit of the user's manager and a program of
    // the desktop have two numbers for one session.
    private const string Unsure = "audit-";

    // Asked of the system when it is first needed: an agent starts without it.
    private static readonly Lazy<byte[]> Secret = new(() => SHA256.HashData(Encoding.UTF8.GetBytes("cdr-post\n" + (HostId() ?? MachineId()))));

    /// <summary>Of the system, within the user: a remote session has another one than the console's.</summary>
    public static string Number { get; } = OperatingSystem.IsWindows()
        ? Process.GetCurrentProcess().SessionId.ToString(CultureInfo.InvariantCulture)
        : OperatingSystem.IsLinux() ? LinuxNumber() : "0";

    /// <summary>Two numbers that may mean one session. Two that the system gave are two sessions.</summary>
    public static bool MayBeSame(string one, string other) => one == other || one.StartsWith(Unsure, StringComparison.Ordinal) || other.StartsWith(Unsure, StringComparison.Ordinal);

    /// <summary>The user's own, for what lasts no longer than their session.</summary>
    public static string Folder { get; } = OperatingSystem.IsWindows()
        ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "cdr-agent")
        : OperatingSystem.IsMacOS()
            ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), "Library", "Application Support", "cdr-agent")
            : Path.Combine(Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") is { Length: > 0 } runtime ? runtime : Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "cdr-agent");

    /// <summary>Opaque: neither a user's nor a machine's name can be read from it, and it is the same while the session lasts.</summary>
    public static string Id { get; } = Opaque(string.Join('\n', "cdr-agent", MachineId(), Environment.UserDomainName, Environment.UserName, Number));

    /// <summary>Stable, made from the machine's own id, on a multi-user host the host's: told to the platform alone, and kept nowhere.</summary>
    public static byte[] PostSecret => Secret.Value;

    /// <summary>The post, for everybody.</summary>
    public static string Post => PostValue.IdOf(PostSecret);

    /// <summary>Several people's sessions may run at once, or this one is shown elsewhere.</summary>
    public static bool IsShared => OperatingSystem.IsWindows()
        ? Environment.GetEnvironmentVariable("SESSIONNAME") is { } name && !name.Equals("Console", StringComparison.OrdinalIgnoreCase)
        : Environment.GetEnvironmentVariable("SSH_CONNECTION") is not null || Environment.GetEnvironmentVariable("XRDP_SESSION") is not null;

    private static string Opaque(string text) => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 18));

    private static string LinuxNumber()
    {
        if (Environment.GetEnvironmentVariable("XDG_SESSION_ID") is { Length: > 0 } session && session.All(char.IsAsciiLetterOrDigit))
            return session;
        try
        {
            var audit = File.ReadAllText("/proc/self/sessionid").Trim();
            // No session was begun: a service.
            return Unsure + (audit is "4294967295" or "" ? "0" : audit);
        }
        catch (IOException)
        {
            return Unsure + "0";
        }
    }

    /// <summary>Not to be guessed, unlike a machine's name; null where the system has told none.</summary>
    private static string? HostId() => OperatingSystem.IsWindows()
        ? PostReadings.WindowsMachine(ProgramOutput.Of("reg.exe", "query", @"HKLM\SOFTWARE\Microsoft\Cryptography", "/v", "MachineGuid"))
        : OperatingSystem.IsMacOS() ? PostReadings.MacMachine(ProgramOutput.Of("/usr/sbin/ioreg", "-rd1", "-c", "IOPlatformExpertDevice")) : null;

    private static string MachineId()
    {
        try
        {
            return OperatingSystem.IsLinux() && File.Exists("/etc/machine-id") ? File.ReadAllText("/etc/machine-id").Trim() : Environment.MachineName;
        }
        catch (IOException)
        {
            return Environment.MachineName;
        }
    }
}
