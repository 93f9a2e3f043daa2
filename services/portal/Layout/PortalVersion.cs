using System.Reflection;

namespace Cdr.Portal.Layout;

/// <summary>The version a person tells the hotline.</summary>
internal static class PortalVersion
{
    public static string Text { get; } =
        typeof(PortalVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion is { } version
            ? version.Split('+') is [var number, { Length: > 8 } commit] ? $"{number} ({commit[..8]})" : version
            : "0";
}
