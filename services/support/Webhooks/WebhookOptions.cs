namespace Cdr.Support.Webhooks;

/// <summary>Where programs may be told.</summary>
internal sealed class WebhookOptions
{
    public const string Section = "Support:Webhooks";

    /// <value>Also addresses of private networks, and <c>http</c>: for an installation whose listeners are inside, and for tests. Default no.</value>
    public bool AllowPrivate { get; init; }

    /// <value>Time between two looks at what is to be told. Default 5 s.</value>
    [System.ComponentModel.DataAnnotations.Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan TellEvery { get; init; } = TimeSpan.FromSeconds(5);
}
