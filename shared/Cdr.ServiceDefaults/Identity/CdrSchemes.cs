namespace Cdr.ServiceDefaults.Identity;

/// <summary>Authentication schemes.</summary>
public static class CdrSchemes
{
    /// <summary>The default: forwards to bearer when there is an Authorization header, else to the cookie where the host has one.</summary>
    public const string Default = "cdr";

    /// <summary>Tokens of Sessions.</summary>
    public const string Bearer = "Bearer";

    /// <summary>Pages: registered by the portal's module only.</summary>
    public const string Cookie = "cdr-cookie";
}
