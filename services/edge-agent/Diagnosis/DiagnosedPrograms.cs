using System.ComponentModel;
using System.Diagnostics;
using Cdr.EdgeAgent.HandOver;
using Cdr.EdgeAgent.Pins;
using Cdr.EdgeAgent.Pkcs11;
using Cdr.EdgeAgent.Posts;
using Net.Pkcs11Interop.Common;

namespace Cdr.EdgeAgent.Diagnosis;

/// <summary>The programs that the agent starts: whether a browser and a window for the PIN can be opened, without opening any.</summary>
internal static class DiagnosedPrograms
{
    private const string NoScreen = "Aucun écran ici (ni DISPLAY, ni WAYLAND_DISPLAY) : demandez ce rapport depuis la session graphique, ou démarrez l'agent avec elle.";
    private const string Opens = "Peut être ouvert.";
    private static readonly string[] Screens = ["DISPLAY", "WAYLAND_DISPLAY"];
    private static readonly TimeSpan Greeting = TimeSpan.FromSeconds(5);

    private static bool HasScreen => Screens.Any(name => Environment.GetEnvironmentVariable(name) is { Length: > 0 });

    public static object Browser(AgentSettings settings, string? ofSystem)
    {
        var program = settings.Browser ?? (OperatingSystem.IsWindows() ? null : BrowserOpener.SystemProgram);
        var trouble = program is not null && ProgramPlaces.Find(program) is null
            ? settings.Browser is null ? $"{program} est introuvable : installez xdg-utils, ou réglez « browser »." : $"Le programme {ToldPath.Of(program)} est introuvable ou n'est pas exécutable : corrigez « browser » dans agent.json."
            : OperatingSystem.IsLinux() && !HasScreen ? NoScreen
            : settings.Browser is null && ofSystem is null && !OperatingSystem.IsMacOS() ? "Aucun navigateur n'est installé ni choisi pour ce système : installez-en un, ou réglez « browser »." : null;
        return new { program = ToldPath.Of(program), canOpen = trouble is null, words = trouble ?? Opens, handOver = new BrowserOpener(settings).ByFile ? "file" : "address" };
    }

    public static object PinEntry(AgentSettings settings)
    {
        var (program, version, trouble) = OperatingSystem.IsWindows() ? ("CredUI", null, null)
            : OperatingSystem.IsMacOS() ? ("/usr/bin/osascript", null, ProgramPlaces.Find("/usr/bin/osascript") is null ? "osascript est introuvable." : null)
            : Pinentry(settings.PinProgram);
        return new { setting = settings.PinEntry, terminal = TerminalPin.IsThere, program = ToldPath.Of(program), version, canOpen = trouble is null, words = trouble ?? Opens };
    }

    public static object Pkcs11(AgentSettings settings, Func<string, Pkcs11Tokens?>? load = null)
    {
        var (configured, found) = (ToldPath.Of(settings.Pkcs11), Pkcs11Places.Usual.Where(File.Exists).ToList());
        if (settings.Pkcs11 is null || Pkcs11Places.Find(settings.Pkcs11) is not { } library)
            return new { configured, found, loads = settings.Pkcs11 is null ? (bool?)null : false, tokens = (int?)null, error = (string?)null, words = settings.Pkcs11 is null ? "Aucune bibliothèque n'est réglée : la carte est lue par ses propres commandes." : "La bibliothèque réglée est introuvable : corrigez « pkcs11 », ou installez-la." };
        using var tokens = (load ?? Pkcs11Tokens.Load)(library);
        try
        {
            return new { configured, found, loads = (bool?)(tokens is not null), tokens = tokens?.Present().Count, error = (string?)null, words = tokens is null ? "La bibliothèque ne se charge pas : vérifiez qu'elle est faite pour ce système et cette architecture, et réinstallez-la." : "La bibliothèque se charge." };
        }
        catch (Pkcs11Exception e)
        {
            var error = e.RV.ToString();
            return new { configured, found, loads = (bool?)true, tokens = (int?)null, error, words = $"La bibliothèque se charge, et répond par une erreur : {error}." };
        }
    }

    private static (string Program, string? Version, string? Trouble) Pinentry(string program)
    {
        if (ProgramPlaces.Find(program) is null)
            return (program, null, $"Le programme {ToldPath.Of(program)} est introuvable ou n'est pas exécutable : installez un pinentry graphique, ou corrigez « pinProgram ».");
        var told = ProgramOutput.Of(program, "--version");
        var trouble = !Greets(program) ? $"Le programme {ToldPath.Of(program)} ne répond pas comme un pinentry : corrigez « pinProgram »."
            : !HasScreen ? NoScreen
            : told?.Contains("-curses", StringComparison.Ordinal) is true || told?.Contains("-tty", StringComparison.Ordinal) is true
                ? "Ce pinentry ne sait écrire que dans un terminal, qu'un agent qui reste n'a pas : installez-en un graphique (pinentry-gtk2, pinentry-gnome3, pinentry-qt)." : null;
        return (program, PostReadings.Version(told), trouble);
    }

    /// <summary>It begins the conversation; nothing is shown before it is asked to.</summary>
    private static bool Greets(string program)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
            var line = process.StandardOutput.ReadLineAsync();
            var greets = line.Wait(Greeting) && line.Result is ['O', 'K', ..];
            process.Kill(entireProcessTree: true);
            return greets;
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException or IOException)
        {
            return false;
        }
    }
}
