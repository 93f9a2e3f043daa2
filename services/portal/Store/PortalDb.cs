using Cdr.ServiceDefaults.Stores;
using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Portal.Store;

/// <summary>The keys that seal cookies, shared by the replicas.</summary>
internal sealed class PortalDb(DbContextOptions<PortalDb> options) : StoreContext(options), IDataProtectionKeyContext
{
    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();
}
