namespace Cdr.Contracts.Sessions;

/// <summary>What the agent found on its post: versions and devices, nothing about a person. What it could not find out is null.</summary>
/// <param name="Post">Stable and opaque: <see cref="PostValue.IdOf"/> the post's secret. On a multi-user host: the host's.</param>
/// <param name="Label">By which its referent knows the post; at most 64 characters.</param>
/// <param name="AgentVersion">Of the agent.</param>
/// <param name="System"><c>windows</c>, <c>macos</c> or <c>linux</c>.</param>
/// <param name="SystemVersion">As the system tells it.</param>
/// <param name="MultiUser">Citrix, TSE: several people at once.</param>
/// <param name="Cryptolib">Version of the package, <c>5.0.42</c>, where the agent runs; null where none was found.</param>
/// <param name="CryptolibOnServer">It is on the host that the post is connected to, and so is the agent.</param>
/// <param name="CardFamily">By its ATR: <c>cps3</c>, <c>cps4</c> or <c>other</c>.</param>
/// <param name="Readers">All readers, those for the carte Vitale too.</param>
/// <param name="Galss">GALSS is installed.</param>
/// <param name="Browser">Name of the browser that opens the portal, in lower case.</param>
/// <param name="BrowserVersion">Its version.</param>
/// <param name="VitaleApi">Version of the API Lecture Vitale.</param>
public sealed record PostReport(
    string Post,
    string? Label,
    string AgentVersion,
    string System,
    string SystemVersion,
    bool MultiUser,
    string? Cryptolib,
    bool CryptolibOnServer,
    string? CardFamily,
    IReadOnlyList<PostReader> Readers,
    bool Galss,
    string? Browser,
    string? BrowserVersion,
    string? VitaleApi);

/// <summary>A reader of a post.</summary>
/// <param name="Name">As PC/SC names it, without a serial number.</param>
/// <param name="Galss">Reached through GALSS rather than PC/SC.</param>
public sealed record PostReader(string Name, bool Galss);

/// <summary>What is wrong with a post whose session opened all the same.</summary>
/// <param name="Code">Stable, kebab-case: <c>cryptolib-too-old</c>, <c>cryptolib-of-server-too-old</c>, <c>galss</c>, <c>browser-too-old</c>…</param>
/// <param name="Title">In French, for the person at the post.</param>
/// <param name="Next">What to do, in French.</param>
/// <param name="RefusedFrom">First day on which it opens nothing any more; null: not announced.</param>
public sealed record PostWarning(string Code, string Title, string Next, DateOnly? RefusedFrom);
