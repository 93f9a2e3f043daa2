using System.Text.Json.Serialization;
using Refit;

namespace Cdr.Contracts.Support;

/// <summary>Which e-mail the caller gets about tickets, and where.</summary>
public interface IMailApi
{
    /// <summary>What the caller chose.</summary>
    [Get("/api/support/mail")]
    Task<MailPreferences> PreferencesAsync(CancellationToken cancellationToken);

    /// <summary>Chooses. 400 the hour is none.</summary>
    [Put("/api/support/mail")]
    Task<MailPreferences> ChooseAsync([Body] MailChoice choice, CancellationToken cancellationToken);

    /// <summary>Gives an address; a code is sent to it. 409 no e-mail is sent here; 429 too many codes today.</summary>
    [Put("/api/support/mail/address")]
    Task<MailPreferences> GiveAddressAsync([Body] MailAddress address, CancellationToken cancellationToken);

    /// <summary>Confirms it. 400 another code was sent; 409 that one is too old, or was tried too often.</summary>
    [Post("/api/support/mail/address/confirmation")]
    Task<MailPreferences> ConfirmAsync([Body] MailCode code, CancellationToken cancellationToken);

    /// <summary>Forgets it.</summary>
    [Delete("/api/support/mail/address")]
    Task<MailPreferences> ForgetAsync(CancellationToken cancellationToken);
}

/// <summary>When something is sent.</summary>
[JsonConverter(typeof(WireName<MailWhen>))]
public enum MailWhen
{
    /// <summary>As it happens.</summary>
    AtOnce,

    /// <summary>Together, once a working day.</summary>
    Digest,

    /// <summary>Not at all: the bell says it.</summary>
    Never,
}

/// <summary>What the caller chose.</summary>
/// <param name="Available">Whether this installation sends e-mail.</param>
/// <param name="Address">Confirmed; absent where there is none.</param>
/// <param name="Unconfirmed">Given, and not confirmed yet.</param>
/// <param name="Words">Somebody wrote: an answer, a question, a reply.</param>
/// <param name="Progress">A ticket moved on: sent, taken, transferred, solved, closed.</param>
/// <param name="Clocks">An objective is about to be missed, or was.</param>
/// <param name="DigestHour">Hour of the digest, 0 to 23, in the time of the caller's place and on its working days.</param>
/// <param name="Until">UTC: an address is good for half a year, then it is confirmed again.</param>
/// <param name="News">Something was announced: news, an interruption, a guide. A subscription.</param>
public sealed record MailPreferences(
    bool Available, string? Address, string? Unconfirmed, MailWhen Words, MailWhen Progress, MailWhen Clocks, int DigestHour, DateTimeOffset? Until = null, MailWhen News = MailWhen.Never)
{
    /// <summary>Masked: an address names a person.</summary>
    public override string ToString() => nameof(MailPreferences);
}

/// <summary>A choice.</summary>
/// <param name="Words">Somebody wrote.</param>
/// <param name="Progress">A ticket moved on.</param>
/// <param name="Clocks">An objective.</param>
/// <param name="DigestHour">0 to 23.</param>
/// <param name="News">Something was announced. Left out: never.</param>
public sealed record MailChoice(MailWhen Words, MailWhen Progress, MailWhen Clocks, int DigestHour, MailWhen News = MailWhen.Never);

/// <summary>An address.</summary>
/// <param name="Address">As it is typed.</param>
public sealed record MailAddress(string Address)
{
    /// <summary>Masked.</summary>
    public override string ToString() => nameof(MailAddress);
}

/// <summary>A code that was received.</summary>
/// <param name="Code">Eight digits; spaces do not count.</param>
public sealed record MailCode(string Code)
{
    /// <summary>Masked.</summary>
    public override string ToString() => nameof(MailCode);
}
