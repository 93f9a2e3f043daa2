using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;

namespace Cdr.EdgeAgent.Pkcs11;

/// <summary>The tokens of a PKCS#11 library. A process initialises a library once.</summary>
internal sealed class Pkcs11Tokens : IDisposable
{
    private readonly Func<IPkcs11Library?> load;
    private readonly ReaderWriterLockSlim gate = new();
    private IPkcs11Library? library;

    internal Pkcs11Tokens(IPkcs11Library begun, Func<IPkcs11Library?> load) => (library, this.load) = (begun, load);

    public static Pkcs11InteropFactories Factories { get; } = new();

    /// <summary>Null when it does not load, or does not begin.</summary>
    public static Pkcs11Tokens? Load(string file) => Open(file) is { } library ? new Pkcs11Tokens(library, () => Open(file)) : null;

    internal static IPkcs11Library? Open(string file)
    {
        Pkcs11Places.Prepare();
        try
        {
            return Factories.Pkcs11LibraryFactory.LoadPkcs11Library(Factories, file, AppType.MultiThreaded);
        }
        catch (Exception e) when (e is Pkcs11Exception or UnmanagedException or DllNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Slots with a token that the library knows. While they are used, the library is not let go of: one after the other in <see cref="Use"/>.</summary>
    public IReadOnlyList<ISlot> Present() =>
        [.. (library ?? throw new Pkcs11Exception("C_GetSlotList", CKR.CKR_CRYPTOKI_NOT_INITIALIZED)).GetSlotList(SlotsType.WithTokenPresent).Where(IsKnown)];

    /// <summary>The slot that the monitor calls so.</summary>
    public ISlot? Find(string reader) => Present().FirstOrDefault(slot => NameOf(slot) == reader);

    public static string DescriptionOf(ISlot slot) => slot.GetSlotInfo().SlotDescription.Trim();

    public static string NameOf(ISlot slot) => $"{DescriptionOf(slot)} [{slot.SlotId}]";

    /// <summary>No token, or none that the library knows: the patient's card in the other reader is listed too.</summary>
    public static bool IsGone(CKR code) => code is CKR.CKR_TOKEN_NOT_PRESENT or CKR.CKR_TOKEN_NOT_RECOGNIZED or CKR.CKR_DEVICE_REMOVED or CKR.CKR_SLOT_ID_INVALID;

    /// <exception cref="Pkcs11Exception">What the library says.</exception>
    public TOutcome Use<TOutcome>(Func<TOutcome> conversation)
    {
        gate.EnterReadLock();
        try
        {
            return conversation();
        }
        finally
        {
            gate.ExitReadLock();
        }
    }

    /// <summary>Ends the library's own connections to its cards while something is done, and begins it anew: every session before is over.</summary>
    public void Without(Action action)
    {
        gate.EnterWriteLock();
        try
        {
            library?.Dispose();
            library = null;
            action();
            library = load();
        }
        finally
        {
            gate.ExitWriteLock();
        }
    }

    public void Dispose()
    {
        library?.Dispose();
        gate.Dispose();
    }

    private static bool IsKnown(ISlot slot)
    {
        try
        {
            return slot.GetTokenInfo().TokenFlags.TokenInitialized;
        }
        catch (Pkcs11Exception e) when (IsGone(e.RV))
        {
            return false;
        }
    }
}
