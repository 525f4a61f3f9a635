; The installer for Windows (Inno Setup 6.3 or newer). packaging/windows/README.md says how to make it, and WHAT OF IT
; WAS TRIED AND WHAT WAS NOT: no Windows was at hand when it was written.
;
;   python packaging\build.py windows      makes build\bundle\fmstudio
;   python packaging\build.py installer    calls this, and says where the installer is
;
; Per user, without an administrator. Silent, for a room full of computers:
;   fmstudio-0.1.0-windows-x64.exe /VERYSILENT /SUPPRESSMSGBOXES /NORESTART [/DIR="D:\fmstudio"] [/LOG="setup.log"]
;   also: /TASKS="desktopicon,path" (default: none of them), /LANG=english
; and to remove it:  "%LOCALAPPDATA%\Programs\fmstudio\unins000.exe" /VERYSILENT /SUPPRESSMSGBOXES
; Exit status 0: done; 1 to 8: see "Setup Exit Codes" in the help of Inno Setup.
;
; Runs, lessons and settings of the user lie in %LOCALAPPDATA%\fmstudio, which neither setup nor removal touches.

#ifndef Version
  #error "Say which version: ISCC /DVersion=0.1.0 /DNumbers=0.1.0.0 /DBundle=folder /DOutput=folder fmstudio.iss"
#endif
#ifndef Numbers
  #define Numbers "0.0.0.0"
#endif
#ifndef Bundle
  #define Bundle "..\..\build\bundle\fmstudio"
#endif
#ifndef Output
  #define Output "..\..\dist"
#endif
#define Chinese "ChineseSimplified.isl"
#if FileExists(AddBackslash(CompilerPath) + "Languages\" + Chinese)
  #define ChineseFile "compiler:Languages\" + Chinese
#elif FileExists(AddBackslash(SourcePath) + Chinese)
  #define ChineseFile Chinese
#endif

[Setup]
; Never changes: by it an update finds what it updates.
AppId={{6E1D7A0B-8C57-4B0D-9B0A-5D0C4B7F3E21}
AppName=fmstudio
AppVersion={#Version}
AppVerName=fmstudio {#Version}
AppPublisher=fmstudio contributors
VersionInfoVersion={#Numbers}
VersionInfoDescription=Installer of fmstudio
DefaultDirName={localappdata}\Programs\fmstudio
DisableProgramGroupPage=yes
DisableDirPage=auto
DisableReadyPage=yes
PrivilegesRequired=lowest
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
MinVersion=10.0.17763
OutputDir={#Output}
OutputBaseFilename=fmstudio-{#Version}-windows-x64
Compression=lzma2/ultra64
SolidCompression=yes
LZMAUseSeparateProcess=yes
WizardStyle=modern
LicenseFile=..\..\LICENSE
SetupLogging=yes
ChangesAssociations=yes
ChangesEnvironment=yes
CloseApplications=yes
RestartApplications=no
UninstallDisplayName=fmstudio
UninstallDisplayIcon={app}\fmstudio.exe
#ifdef Icon
SetupIconFile={#Icon}
#endif
#ifdef SignTool
; ISCC "/Ssigner=signtool sign /fd SHA256 /tr http://timestamp.digicert.com /td SHA256 /a $f" /DSignTool=signer ...
SignTool={#SignTool}
SignedUninstaller=yes
#endif

[Languages]
Name: "english"; MessagesFile: "compiler:Default.isl"
#ifdef ChineseFile
Name: "chinese"; MessagesFile: "{#ChineseFile}"
#endif

[CustomMessages]
english.Path=Let me type fmstudio-cli in a terminal (adds the folder to my PATH)
english.Recipe=fmstudio recipe
english.Lesson=fmstudio lesson
english.Kept=fmstudio is removed. Your runs, lessons and settings were kept:%n%n%1%n%nDelete that folder yourself if you do not want them any more.
#ifdef ChineseFile
chinese.Path=允许在终端中输入 fmstudio-cli（把该文件夹加入我的 PATH）
chinese.Recipe=fmstudio 配方
chinese.Lesson=fmstudio 课程
chinese.Kept=fmstudio 已卸载。你的运行记录、课程和设置都保留在：%n%n%1%n%n如不再需要，请自行删除该文件夹。
#endif

[Tasks]
Name: "desktopicon"; Description: "{cm:CreateDesktopIcon}"; Flags: unchecked
Name: "path"; Description: "{cm:Path}"; Flags: unchecked

[InstallDelete]
; An older version's parts must not be found beside the new ones.
Type: filesandordirs; Name: "{app}\_internal"

[Files]
Source: "{#Bundle}\*"; DestDir: "{app}"; Flags: recursesubdirs createallsubdirs ignoreversion

[Icons]
Name: "{userprograms}\fmstudio"; Filename: "{app}\fmstudio.exe"; AppUserModelID: "fmstudio"
Name: "{userdesktop}\fmstudio"; Filename: "{app}\fmstudio.exe"; AppUserModelID: "fmstudio"; Tasks: desktopicon

[Registry]
; Recipes and lessons are ours. Of .json, .jsonl (events.jsonl stands for a run) and .safetensors fmstudio is only
; offered under "Open with".
Root: HKCU; Subkey: "Software\Classes\.fmspec"; ValueType: string; ValueData: "fmstudio.recipe"; Flags: uninsdeletevalue uninsdeletekeyifempty
Root: HKCU; Subkey: "Software\Classes\.fmlesson"; ValueType: string; ValueData: "fmstudio.lesson"; Flags: uninsdeletevalue uninsdeletekeyifempty
Root: HKCU; Subkey: "Software\Classes\fmstudio.recipe"; ValueType: string; ValueData: "{cm:Recipe}"; Flags: uninsdeletekey
Root: HKCU; Subkey: "Software\Classes\fmstudio.recipe\DefaultIcon"; ValueType: string; ValueData: "{app}\fmstudio.exe,0"
Root: HKCU; Subkey: "Software\Classes\fmstudio.recipe\shell\open\command"; ValueType: string; ValueData: """{app}\fmstudio.exe"" open ""%1"""
Root: HKCU; Subkey: "Software\Classes\fmstudio.lesson"; ValueType: string; ValueData: "{cm:Lesson}"; Flags: uninsdeletekey
Root: HKCU; Subkey: "Software\Classes\fmstudio.lesson\DefaultIcon"; ValueType: string; ValueData: "{app}\fmstudio.exe,0"
Root: HKCU; Subkey: "Software\Classes\fmstudio.lesson\shell\open\command"; ValueType: string; ValueData: """{app}\fmstudio.exe"" open ""%1"""
Root: HKCU; Subkey: "Software\Classes\.json"; Flags: uninsdeletekeyifempty
Root: HKCU; Subkey: "Software\Classes\.json\OpenWithProgids"; ValueType: none; ValueName: "fmstudio.recipe"; Flags: uninsdeletevalue uninsdeletekeyifempty
Root: HKCU; Subkey: "Software\Classes\.jsonl"; Flags: uninsdeletekeyifempty
Root: HKCU; Subkey: "Software\Classes\.jsonl\OpenWithProgids"; ValueType: none; ValueName: "fmstudio.recipe"; Flags: uninsdeletevalue uninsdeletekeyifempty
Root: HKCU; Subkey: "Software\Classes\.safetensors"; Flags: uninsdeletekeyifempty
Root: HKCU; Subkey: "Software\Classes\.safetensors\OpenWithProgids"; ValueType: none; ValueName: "fmstudio.recipe"; Flags: uninsdeletevalue uninsdeletekeyifempty
Root: HKCU; Subkey: "Software\Microsoft\Windows\CurrentVersion\App Paths\fmstudio.exe"; ValueType: string; ValueData: "{app}\fmstudio.exe"; Flags: uninsdeletekey

[Run]
Filename: "{app}\fmstudio.exe"; Description: "{cm:LaunchProgram,fmstudio}"; Flags: nowait postinstall skipifsilent

[UninstallDelete]
Type: filesandordirs; Name: "{app}\_internal"
Type: dirifempty; Name: "{app}"

[Code]
const
  Environment = 'Environment';

function PathOfUser: String;
begin
  if not RegQueryStringValue(HKCU, Environment, 'Path', Result) then
    Result := '';
end;

function Without(Path, Folder: String): String;
var
  At: Integer;
begin
  Result := ';' + Path + ';';
  At := Pos(';' + Lowercase(Folder) + ';', Lowercase(Result));
  if At = 0 then
  begin
    Result := Path;
    exit;
  end;
  Delete(Result, At, Length(Folder) + 1);
  while (Length(Result) > 0) and (Result[1] = ';') do
    Delete(Result, 1, 1);
  while (Length(Result) > 0) and (Result[Length(Result)] = ';') do
    Delete(Result, Length(Result), 1);
end;

procedure CurStepChanged(CurStep: TSetupStep);
var
  Rest: String;
begin
  if (CurStep = ssPostInstall) and WizardIsTaskSelected('path') then
  begin
    Rest := Without(PathOfUser, ExpandConstant('{app}'));
    if Rest <> '' then
      Rest := Rest + ';';
    RegWriteExpandStringValue(HKCU, Environment, 'Path', Rest + ExpandConstant('{app}'));
  end;
end;

procedure CurUninstallStepChanged(CurUninstallStep: TUninstallStep);
var
  Path, Rest, Kept: String;
begin
  if CurUninstallStep <> usPostUninstall then
    exit;
  Path := PathOfUser;
  Rest := Without(Path, ExpandConstant('{app}'));
  if Rest <> Path then
  begin
    if Rest = '' then
      RegDeleteValue(HKCU, Environment, 'Path')
    else
      RegWriteExpandStringValue(HKCU, Environment, 'Path', Rest);
  end;
  Kept := ExpandConstant('{localappdata}\fmstudio');
  if DirExists(Kept) and not UninstallSilent then
    MsgBox(FmtMessage(CustomMessage('Kept'), [Kept]), mbInformation, MB_OK);
end;
