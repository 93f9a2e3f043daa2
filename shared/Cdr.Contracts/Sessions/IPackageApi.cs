using Refit;

namespace Cdr.Contracts.Sessions;

/// <summary>
/// The installation package, for a hospital that has no working card yet: a public request opens it with credentials of its own, which
/// every other call carries (HTTP Basic: access, then secret).
/// </summary>
public interface IPackageApi
{
    /// <summary>Asks for access. 403 where the establishment is not one of ours, or not eligible; 404 where this installation has no package.</summary>
    [Post("/api/sessions/package/requests")]
    Task<PackageCredentials> RequestAsync([Body] PackageRequest request, CancellationToken cancellationToken);

    /// <summary>What is to be read first, the licence, and the folders.</summary>
    [Get("/api/sessions/package")]
    Task<PackageContents> ContentsAsync([Header("Authorization")] string basic, CancellationToken cancellationToken);

    /// <summary>Accepts the licence in force; without it nothing but the documents is handed out. 409 for another version.</summary>
    [Post("/api/sessions/package/licence")]
    Task AcceptAsync([Header("Authorization")] string basic, [Body] LicenceAcceptance acceptance, CancellationToken cancellationToken);

    /// <summary>A file; each download is recorded.</summary>
    [Get("/api/sessions/package/files/{folder}/{name}")]
    Task<HttpResponseMessage> FileAsync([Header("Authorization")] string basic, string folder, string name, CancellationToken cancellationToken);

    /// <summary>How the trial of a post went. 403 before the licence is accepted; 409 once these credentials told too many.</summary>
    [Post("/api/sessions/package/trials")]
    Task<PostTrialAnswer> TellTrialAsync([Header("Authorization")] string basic, [Body] PostTrial trial, CancellationToken cancellationToken);
}

/// <summary>Who downloaded what, for administrators and for the establishment's referent.</summary>
public interface IPackageDownloadsApi
{
    /// <summary>The latest 500.</summary>
    [Get("/api/sessions/package/downloads")]
    Task<IReadOnlyList<PackageDownloadEntry>> DownloadsAsync(CancellationToken cancellationToken);
}

/// <summary>A public request.</summary>
/// <param name="Establishment">Its name.</param>
/// <param name="Finess">FINESS géographique.</param>
/// <param name="Type">One of <see cref="EstablishmentTypes"/>.</param>
/// <param name="Requester">Who asks: name and function.</param>
/// <param name="Email">Where they are reached.</param>
public sealed record PackageRequest(string Establishment, string Finess, string Type, string Requester, string Email)
{
    /// <summary>Masked: names a person.</summary>
    public override string ToString() => nameof(PackageRequest);
}

/// <summary>Values of <see cref="PackageRequest.Type"/>.</summary>
public static class EstablishmentTypes
{
    /// <summary>Public hospital.</summary>
    public const string Public = "public";

    /// <summary>Private non-profit of collective interest.</summary>
    public const string Espic = "espic";

    /// <summary>Private clinic.</summary>
    public const string Private = "private";

    /// <summary>Health centre.</summary>
    public const string HealthCentre = "health-centre";

    /// <summary>All four.</summary>
    public static IReadOnlyList<string> All { get; } = [Public, Espic, Private, HealthCentre];
}

/// <summary>Personal credentials, shown once.</summary>
/// <param name="Access">The user name.</param>
/// <param name="Secret">The password.</param>
/// <param name="ExpiresAt">UTC.</param>
public sealed record PackageCredentials(Guid Access, string Secret, DateTimeOffset ExpiresAt)
{
    /// <summary>Masked.</summary>
    public override string ToString() => nameof(PackageCredentials);
}

/// <summary>The package.</summary>
/// <param name="ReadFirst">To be read before anything is installed.</param>
/// <param name="LicenceVersion">In force.</param>
/// <param name="Licence">Its text.</param>
/// <param name="LicenceAccepted">Whether this access accepted that version.</param>
/// <param name="Folders">One a system: <c>windows, citrix-tse, macos, linux</c>.</param>
/// <param name="Readers">Which readers serve, by version; null where the package has no such list.</param>
public sealed record PackageContents(
    IReadOnlyList<PackageFile> ReadFirst,
    string LicenceVersion,
    string Licence,
    bool LicenceAccepted,
    IReadOnlyList<PackageFolder> Folders,
    IReadOnlyList<PackageReader>? Readers = null);

/// <summary>A card reader, as <c>readers.json</c> of the package tells it.</summary>
/// <param name="Name">Maker and model.</param>
/// <param name="Version">Of its software, or of the reference that it is certified for: <c>04.00</c>.</param>
/// <param name="State">One of <see cref="ReaderStates"/>.</param>
public sealed record PackageReader(string Name, string Version, string State);

/// <summary>Values of <see cref="PackageReader.State"/>.</summary>
public static class ReaderStates
{
    /// <summary>It serves as it is.</summary>
    public const string Supported = "supported";

    /// <summary>It serves once its software is another.</summary>
    public const string ToUpdate = "to-update";

    /// <summary>It does not serve: GALSS, « consulteur ».</summary>
    public const string Incompatible = "incompatible";

    /// <summary>All three.</summary>
    public static IReadOnlyList<string> All { get; } = [Supported, ToUpdate, Incompatible];
}

/// <summary>Of one system.</summary>
public sealed record PackageFolder(string Name, IReadOnlyList<PackageFile> Files);

/// <summary>A file, its size in bytes and its SHA-256 in hexadecimal.</summary>
public sealed record PackageFile(string Name, long Size, string Sha256);

/// <summary>The version that was read.</summary>
public sealed record LicenceAcceptance(string Version);

/// <summary>A download.</summary>
/// <param name="At">UTC.</param>
/// <param name="Establishment">FINESS géographique.</param>
/// <param name="Requester">Who asked for the access.</param>
/// <param name="File">Folder and name.</param>
/// <param name="Sha256">Of what was handed out.</param>
public sealed record PackageDownloadEntry(DateTimeOffset At, string Establishment, string Requester, string File, string Sha256)
{
    /// <summary>Masked: names a person.</summary>
    public override string ToString() => $"{nameof(PackageDownloadEntry)} {File}";
}
