# escape=`
FROM mcr.microsoft.com/windows/servercore:ltsc2022
SHELL ["powershell", "-Command", "$ErrorActionPreference = 'Stop';"]
ENV PATH_EXTRA=C:\tools\bin
WORKDIR C:\app
RUN New-Item -Type Directory C:\tools ; `
    Invoke-WebRequest https://example.com/a.zip -OutFile C:\tools\a.zip ; `
    Expand-Archive C:\tools\a.zip
COPY . C:\app
CMD ["C:\\app\\run.exe"]
