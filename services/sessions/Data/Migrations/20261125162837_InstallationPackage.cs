using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Cdr.Sessions.Data.Migrations
{
    /// <inheritdoc />
    public partial class InstallationPackage : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "package_accesses",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Secret = table.Column<byte[]>(type: "bytea", nullable: false),
                    EstablishmentFiness = table.Column<string>(type: "character varying(9)", maxLength: 9, nullable: false),
                    Type = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    Requester = table.Column<byte[]>(type: "bytea", nullable: false),
                    RequestedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    EndsAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    Licence = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    LicenceAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_package_accesses", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "package_downloads",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    AccessId = table.Column<Guid>(type: "uuid", nullable: false),
                    At = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    File = table.Column<string>(type: "character varying(320)", maxLength: 320, nullable: false),
                    Sha256 = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_package_downloads", x => x.Id);
                    table.ForeignKey(
                        name: "FK_package_downloads_package_accesses_AccessId",
                        column: x => x.AccessId,
                        principalTable: "package_accesses",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "IX_package_accesses_EstablishmentFiness",
                table: "package_accesses",
                column: "EstablishmentFiness");

            migrationBuilder.CreateIndex(
                name: "IX_package_downloads_AccessId",
                table: "package_downloads",
                column: "AccessId");

            migrationBuilder.CreateIndex(
                name: "IX_package_downloads_At",
                table: "package_downloads",
                column: "At");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "package_downloads");

            migrationBuilder.DropTable(
                name: "package_accesses");
        }
    }
}
