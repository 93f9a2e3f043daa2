namespace Cdr.Drawer;

/// <summary>Where the drawer keeps its cards.</summary>
internal sealed class DrawerOptions
{
    public const string Section = "Drawer";

    /// <summary>Extension of the drawer's root: a production installation refuses to start where such a root is trusted.</summary>
    public const string DemoMark = "2.999.250.1";

    /// <summary>Extension that tells the card kind, under an arc for examples. Give it to Sessions as <c>Sessions:Trust:KindExtension</c>.</summary>
    public const string KindExtension = "2.999.250.2";

    /// <value>Set by the embedded host only: outside Development the drawer refuses to start without it.</value>
    public bool Embedded { get; init; }

    /// <value>Keys, certificates, tries left. Default: <c>drawer</c> in the data folder.</value>
    public string Folder { get; set; } = "";

    /// <value>Where Sessions reads its roots, issuers and revocation lists. Default: <c>trust</c> in the data folder.</value>
    public string TrustFolder { get; set; } = "";
}
