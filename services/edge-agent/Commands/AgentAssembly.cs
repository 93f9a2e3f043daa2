using Cdr.Contracts.Sessions;
using Cdr.EdgeAgent.Locks;
using Cdr.EdgeAgent.Pcsc;
using Cdr.EdgeAgent.Pins;
using Cdr.EdgeAgent.Pkcs11;
using Cdr.EdgeAgent.Posts;
using Cdr.EdgeAgent.Resident;
using Cdr.EdgeAgent.SignIn;
using Refit;

namespace Cdr.EdgeAgent.Commands;

/// <summary>Puts an agent together from its settings.</summary>
internal static class AgentAssembly
{
    // A sign-in is one call of a second or less; a proxy that hangs is silence.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>Null, and a sentence, when a PKCS#11 library was asked for and there is none.</summary>
    /// <param name="settings">Of the post.</param>
    /// <param name="say">Where it tells what happens.</param>
    /// <param name="inTerminal">Somebody sits in front of its terminal: they typed the command that signs in.</param>
    /// <param name="fault">The sentence.</param>
    public static Agent? Make(AgentSettings settings, Action<string, string> say, bool inTerminal, out string? fault)
    {
        fault = null;
        Pkcs11Tokens? tokens = null;
        if (settings.Pkcs11 is not null && (Pkcs11Places.Find(settings.Pkcs11) is not { } library || (tokens = Pkcs11Tokens.Load(library)) is null))
        {
            fault = "La bibliothèque PKCS#11 des réglages est introuvable ou ne fonctionne pas.";
            return null;
        }

        var clock = TimeProvider.System;
        var pcsc = new PcscLibrary();
        var probes = new PostProbes(settings, () => Readers(pcsc));
        probes.Begin();
        return new Agent(settings, new CardDoor(pcsc, tokens, clock), PlatformOf(settings), new AgentKey(clock), Pins(settings, inTerminal), probes, LockWatches.OfThisSystem(clock), clock, say);
    }

    public static Platform? PlatformOf(AgentSettings settings)
    {
        if (settings.Platform is not { } address)
            return null;
        // Nobody leads the agent to another address than its settings'.
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = address, Timeout = Patience };
        return new Platform(RestService.ForGenerated<ISessionsApi>(client, new RefitSettings()), address);
    }

    public static IReadOnlyList<string> Readers(IPcsc pcsc)
    {
        try
        {
            using var context = pcsc.Establish();
            return context.Readers();
        }
        catch (PcscException)
        {
            return [];
        }
    }

    /// <summary>An agent that stays has no terminal that anybody need see: on Windows its console is hidden, and a key pressed there goes nowhere.</summary>
    private static IPinEntry Pins(AgentSettings settings, bool inTerminal)
    {
        // Not the standard output: it may be a program's.
        if (settings.PinEntry == "terminal" || settings.PinEntry == "auto" && inTerminal && TerminalPin.IsThere)
            return new TerminalPin(Console.Error);
        return OperatingSystem.IsWindows() ? new CredentialWindowPin() : OperatingSystem.IsMacOS() ? new AppleScriptPin() : new PinentryPin(settings.PinProgram);
    }
}
